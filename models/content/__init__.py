"""Content: what the mall shows beside its products: banners, zones, live rooms, videos, notes."""

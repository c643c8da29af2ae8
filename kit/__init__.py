"""The ground: what knows no domain and stands under everything."""

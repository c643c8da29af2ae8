"""The trail of sensitive acts: its sealer, its anchors, its check and its archive."""

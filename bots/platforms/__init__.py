"""Chat platforms, one file each; `runtime/platforms.py` lists them by hand."""

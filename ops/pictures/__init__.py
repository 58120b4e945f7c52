"""The pictures of the documentation, made from sessions driven in the stand-in: `python -m ops.pictures`."""

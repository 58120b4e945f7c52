"""What is put on the path of controllers: the modules `controller` and `vehicle`. Nothing else may import them."""

"""Small networks of NumPy layers with gradients, and how they learn."""

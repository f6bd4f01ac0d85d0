"""Parts that figures share: a stage to draw on, weights, wiring, pictures, curves, labels."""

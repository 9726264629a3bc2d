"""Take away what a submission has no business with: the layers that Linux and PyTorch's own code allow."""

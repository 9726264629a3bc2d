"""The operations' vector-Jacobian products, and the wrong ones that students write, each with its name."""

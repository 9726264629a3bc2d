"""Define the operations' vector-Jacobian products, with the named wrong ones that students write."""

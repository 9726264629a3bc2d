"""Define the operations' vector-Jacobian products, right ones and the named wrong ones that students write."""

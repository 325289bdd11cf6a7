"""Finance products, and introductions to the banks that offer them."""

"""Claims of texts from which the subject is learned."""

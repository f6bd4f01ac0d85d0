"""Our book: the content that this site shows, which the engine finds as it finds any other."""

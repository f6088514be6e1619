"""Flow tests: scenarios through the product's front door."""

"""Her curriculum vitae as a file: what she chooses of her record, as PDF or Word, in Chinese or English."""

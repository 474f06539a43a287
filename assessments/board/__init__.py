"""The pages people open every day: the portfolio, its vendors, one vendor, what if, side by side."""

"""What the product can do, as data: operations, recipes, exports, and the words they are written in."""

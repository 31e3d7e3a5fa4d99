"""What counselling prints: "Mis opciones" and the letter to an employer."""

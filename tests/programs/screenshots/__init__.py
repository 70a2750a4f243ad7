"""How the panel looks: pictures for the README, and Lighthouse's marks."""

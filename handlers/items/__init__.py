"""Problem items from 甄别 to 跟踪问效: how they are shown and every step of the loop (rules F1–F12, G1–G7)."""

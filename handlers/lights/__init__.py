"""Buttons and words about lights: feedback, 已阅, 稍后, 调灯 (rules E9–E14)."""

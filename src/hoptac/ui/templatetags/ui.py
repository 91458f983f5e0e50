"""Small helpers that templates may use everywhere."""

from django import template

register = template.Library()

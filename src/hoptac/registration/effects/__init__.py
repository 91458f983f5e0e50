"""What a granted filing does to the register, by the register's own acts.

An effect is ``(ctx, filing, values, on)``; it runs inside the act that grants the filing or lets it
take effect, and returns nothing, or the body that came into being.
"""

"""Models that answer on this machine without a server: pulled once, then loaded by the program.

``catalogue`` names some, ``pull`` fetches them (``sources``, ``hub``, ``download``), ``shelf``
keeps them, and ``transport`` asks one through a worker process (``engine``, ``worker``).
"""

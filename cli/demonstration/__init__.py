"""The demonstration year: Taicang (太仓) 2011, made from one seed.

Offices and towns bear the names such offices bear; every person, enterprise, village, phone number, document number
and event is invented. The year is a list of commands, as any client would send them, in the order of the clock.
"""

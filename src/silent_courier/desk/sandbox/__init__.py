"""Where attachments are looked into: a sandbox that bytes go into and pixels come out of.

`renderer` is the program inside; `bubblewrap` and `running` start it and end it; `pixels`
reads what comes out, totally. Nothing here trusts what was said inside. Spec §14.15.
"""

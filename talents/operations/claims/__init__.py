"""A record a unit reported is claimed by its woman: asked for, proved by a code or decided by a clerk, undone.

`asking`: she asks, and takes it back; `proving`: the code to the phone on file; `deciding`: a clerk grants, refuses
or hands over; `uniting`: a clerk puts two records of one woman together; `undoing`: a wrong claim is taken back;
`giving`: what all need.

Whoever asks is answered alike, whether or not there is such a record: otherwise names and numbers could
be tried until one fits. Nothing of hers goes into a record before it is hers, and its identity stays as it
was verified: what she had filled in differently becomes a proposal.
"""

"""Look at a PDF or Word file from outside and, where that is asked, make it anew without what says who made it.

Runs in a process of its own, started by kernel.uploads. A document says more than is read on its pages: author, company,
program, who commented and corrected, place and phone of its pictures, files within it. What is read stays as it is.
"""

import base64
import json

from kernel import plain_pdf, plain_word
from kernel.plain_parts import Refusal, spaced

PIECE = 1 << 20  # bytes of a line of answer
KINDS = {"pdf": plain_pdf.plain, "docx": plain_word.plain}


def answers(sent):
    """Yield {"named": whether one of the names is read in it}, then {"piece": base64} of the new file; or {"error": code}.

    `sent` is a line of JSON ({"kind", "made_anew", "names"}) and the file behind it.
    """
    order, _line, data = sent.partition(b"\n")
    order = json.loads(order)
    try:
        made, text = KINDS[order["kind"]](data, made_anew=order["made_anew"])
    except Refusal as refusal:
        yield {"error": refusal.code}
        return
    names = spaced(order["names"])
    yield {"named": bool(names and names.search(text))}
    for start in range(0, len(made), PIECE):
        yield {"piece": base64.b64encode(made[start : start + PIECE]).decode()}

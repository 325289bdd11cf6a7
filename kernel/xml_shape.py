"""How deep the elements of an XML file nest, and how many there are: asked before a library builds a tree of it.

A tree that nests a million deep fills the memory of its process, and Python then goes in circles at the next handler
it unwinds to (there is no memory for the number it wants to push there) until the processor's limit ends it. Runs in
the processes that read files from outside (kernel.confined).
"""

from xml.parsers import expat

DEEPEST = 200  # the parts of a workbook nest some ten deep
MOST = 10_000_000  # elements of one file: two million cells have fewer
CHUNK = 1 << 16


class TooComplex(ValueError):
    """The elements of a file nest deeper than DEEPEST, or are more than MOST."""


def check(stream):
    """Read a binary file to its end, or to where it is no XML (whoever reads it then says so). Raises TooComplex."""
    parser, depth, count = expat.ParserCreate(), 0, 0

    def begin(_name, _attributes):
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > MOST:
            raise TooComplex

    def end(_name):
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    try:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk)
    except expat.ExpatError:
        return


def check_archive(archive):
    """Do so for each XML file of an open zipfile.ZipFile."""
    for part in archive.infolist():
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                check(stream)

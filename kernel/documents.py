"""PDF documents: a typst template, data as JSON, a font that comes with the package."""

import json

from pylopdf_fonts_zh_cn import sans_path


def render(template, data, form="pdf", **options):
    """Compile the typst file `template` (a Path) with `data`; returns bytes.

    `form` is "pdf" or "png" (to look at it). A server without any Chinese font prints the same page.
    The data goes in as JSON, never as template text: no name can be markup.
    """
    import typst  # 7 MB, for processes that print

    return typst.compile(
        template.read_bytes(),
        format=form,
        font_paths=[str(sans_path().parent)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        **options,
    )

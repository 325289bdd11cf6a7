"""One function for each thing that happens with finance."""

from entrepreneurship.finance.operations.products import (
    BANK_FIELDS,
    PAPER_FIELDS,
    PRODUCT_FIELDS,
    TERMS_FIELDS,
    add_terms,
    change_terms,
    end_terms,
    export_products,
    note_paper,
    save_bank,
    save_product,
    verify_terms,
    withdraw_paper,
)

__all__ = [
    "BANK_FIELDS",
    "PAPER_FIELDS",
    "PRODUCT_FIELDS",
    "TERMS_FIELDS",
    "add_terms",
    "change_terms",
    "end_terms",
    "export_products",
    "note_paper",
    "save_bank",
    "save_product",
    "verify_terms",
    "withdraw_paper",
]

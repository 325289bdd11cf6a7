"""What is kept of finance: banks and what they offer, women who were introduced, what banks count."""

from entrepreneurship.finance.models.products import (
    BankPaper,
    FinanceBank,
    FinanceKind,
    FinanceProduct,
    FinancePurpose,
    FinanceTerms,
    PaperKind,
)

__all__ = [
    "BankPaper",
    "FinanceBank",
    "FinanceKind",
    "FinanceProduct",
    "FinancePurpose",
    "FinanceTerms",
    "PaperKind",
]

"""Masked display of personal data: enough to recognise, too little to use."""


def name(value):
    """王小敏 → 王*敏, 王敏 → 王*, an English name keeps its first letter."""
    value = value or ""
    if len(value) <= 1:
        return value
    if value.isascii():
        return f"{value[0]}***"
    return f"{value[0]}*" if len(value) == 2 else f"{value[0]}*{value[-1]}"


def phone(value):
    """Mask a phone number for display: 14000001234 → 140****1234; a short one is hidden whole."""
    value = value or ""
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 8 else "*" * len(value)


def identity_number(value):
    """500105199001010004 → 5001**********0004; a digit too few or too many is masked alike."""
    value = value or ""
    if len(value) < 15:
        return "*" * len(value)
    return f"{value[:4]}{'*' * (len(value) - 8)}{value[-4:]}"


def email(value):
    """linjing@example.cn → l***@example.cn."""
    local, at, domain = (value or "").partition("@")
    return f"{local[:1]}***@{domain}" if at else ""

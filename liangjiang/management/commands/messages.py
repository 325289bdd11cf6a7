"""`manage.py messages`: bring the English catalogues of the apps up to date."""

from django.core.management.base import BaseCommand

from liangjiang import translations


class Command(BaseCommand):
    """Collect the translatable texts into <app>/locale/en; `--missing` lists those without English."""

    help = "Collect the translatable texts into <app>/locale/en."
    requires_system_checks = ()

    def add_arguments(self, parser):
        """Take --missing."""
        parser.add_argument("--missing", action="store_true", help="only list what lacks English")

    def handle(self, *args, missing=False, **options):
        """Update the catalogue, or list."""
        if missing:
            for text in translations.untranslated():
                self.stdout.write(text)
            return
        english = translations.update().values()
        lacking = len(translations.untranslated())
        self.stdout.write(f"{sum(map(len, english))} texts, {lacking} without settled English.")

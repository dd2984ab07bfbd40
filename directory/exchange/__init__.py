"""The directory as others keep it: spreadsheets and Open Referral feeds, out and in."""

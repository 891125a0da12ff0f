"""What everyone shares: people and companies, offers, referrals."""

"""Orders: whatever must commit with an order: stock, wallets, group places, and the orders themselves."""

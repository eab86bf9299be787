package notice

// Addresses of the screens.
const (
	InboxPath       = "/kotak-masuk"
	PreferencesPath = "/kotak-masuk/preferensi"
	OutboxPath      = "/kotak-masuk/surel"
)

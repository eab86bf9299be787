package grant

// Addresses of the screens.
const (
	ListPath  = "/akses"
	NewPath   = ListPath + "/baru"
	InboxPath = ListPath + "/masuk"
	WhyPath   = ListPath + "/mengapa"
	HeldPath  = "/izin"
)

// RequestPath returns the address of a request's page.
func RequestPath(id string) string { return ListPath + "/" + id }

// GrantPath returns the address of a grant's page.
func GrantPath(id string) string { return HeldPath + "/" + id }

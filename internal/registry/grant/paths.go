package grant

// Addresses of the screens.
const (
	ListPath  = "/akses"
	NewPath   = ListPath + "/baru"
	InboxPath = ListPath + "/masuk"
	WhyPath   = ListPath + "/mengapa"
)

// RequestPath returns the address of a request's page.
func RequestPath(id string) string { return ListPath + "/" + id }

package agency

// Addresses of the screens.
const (
	AgencyPath       = "/instansi"
	ApplicationsPath = "/aplikasi"
)

package grant

import (
	"simpul"
	"simpul/internal/platform/httpapi"
)

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, service *Service) {
	httpapi.RegisterResource(api, httpapi.Kind{
		Name: "Grant", Plural: "grants", Item: "{id}",
		Read:  simpul.ReadGrants,
		Write: simpul.WriteGrants,
	}, service)
}

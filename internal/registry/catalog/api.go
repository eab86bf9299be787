package catalog

import (
	"simpul"
	"simpul/internal/platform/httpapi"
)

// maxLIDBody admits a contract of 2 MiB and what stands around it, in bytes.
const maxLIDBody = 3 << 20

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, service *Service) {
	httpapi.RegisterResource(api, httpapi.Kind{
		Name: "LID", Plural: "lids", Item: "{group}/{name}", MaxBody: maxLIDBody,
		Read:  simpul.ReadLIDs,
		Write: simpul.WriteLIDs,
	}, service)
	registerSteps(api, service)
}

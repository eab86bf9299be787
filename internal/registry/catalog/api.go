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
		Name: "LID", Plural: "lids", Item: "{group}/{name}", MaxBody: maxLIDBody, Split: splitLID(),
		Read:  simpul.ReadLIDs,
		Write: simpul.WriteLIDs,
	}, service)
	registerSteps(api, service)
}

// splitLID says how to divide a LID that is too large: it is its contract that is.
func splitLID() simpul.Text {
	return simpul.Text{ID: "Kontrak OpenAPI-nya terlalu besar: bagi operasinya ke beberapa LID, dan hapus skema dan contoh yang tidak dipakai.", EN: "Its OpenAPI contract is too large: divide the operations among several LIDs, and remove schemas and examples that nothing uses."}
}

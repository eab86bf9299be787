package gateway

import (
	"net/http"

	"simpul/internal/platform/httpapi"
)

// linger lets an answer arrive at a consumer that is still sending the body.
func (c *call) linger(r *http.Request) {
	if c.multiplexed || c.body == nil || !c.body.coming() || httpapi.AwaitsContinue(r) {
		return
	}
	httpapi.Linger(&c.writer, c.body.source.ReadCloser, c.writer.pace.patience.Grace)
}

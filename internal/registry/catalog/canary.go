package catalog

import (
	"context"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

var kindCanary = simpul.Text{ID: "Canary", EN: "Canary"}

// EndCanary takes the canary out of a LID of the scope: every call goes to the
// other origins.
func (s *Service) EndCanary(ctx context.Context, p simpul.Principal, id string) (httpapi.Stored[Spec], error) {
	return s.redeliver(ctx, p, id, func(spec *Spec) { spec.Delivery.Canary = nil })
}

// PromoteCanary makes the canary of a LID of the scope its service. The origins
// that it replaces get no call any more: they are of the former deployment.
func (s *Service) PromoteCanary(ctx context.Context, p simpul.Principal, id string) (httpapi.Stored[Spec], error) {
	return s.redeliver(ctx, p, id, func(spec *Spec) {
		spec.Upstream, spec.Delivery.Origins, spec.Delivery.Canary = spec.Delivery.Canary.Upstream, nil, nil
		if r := spec.Delivery.Retry; r != nil && r.HedgeAfter != 0 {
			alone := *r
			alone.HedgeAfter = 0 // there is nobody else to ask
			spec.Delivery.Retry = &alone
		}
	})
}

// redeliver stores a LID with another end of its canary, by the way that every
// change goes: a closed LID waits for a second person, and what counts as another
// service is tested.
func (s *Service) redeliver(ctx context.Context, p simpul.Principal, id string, change func(*Spec)) (httpapi.Stored[Spec], error) {
	before, err := s.own(ctx, p, id)
	if err == nil && before == nil {
		err = sqldb.ErrNoRows
	}
	if err != nil {
		return httpapi.Stored[Spec]{}, sqldb.Coded(err, kindLID, id)
	}
	if before.Delivery.Canary == nil {
		return httpapi.Stored[Spec]{}, simpul.NotFound(kindCanary, id)
	}
	next := *before
	change(&next)
	return s.Put(ctx, p, id, next, false)
}

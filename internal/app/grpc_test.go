package app_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	pb "google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// echoService is a gRPC service of a provider.
type echoService struct {
	pb.UnimplementedTestServiceServer
	seen chan metadata.MD
}

func (s echoService) UnaryCall(ctx context.Context, in *pb.SimpleRequest) (*pb.SimpleResponse, error) {
	head, _ := metadata.FromIncomingContext(ctx)
	s.seen <- head
	grpc.SetHeader(ctx, metadata.Pairs("x-kepala", "ya"))
	grpc.SetTrailer(ctx, metadata.Pairs("x-ekor", "ya"))
	if in.ResponseStatus != nil {
		return nil, status.Error(codes.Code(in.ResponseStatus.Code), in.ResponseStatus.Message)
	}
	return &pb.SimpleResponse{Payload: in.Payload}, nil
}

// FullDuplexCall answers each message before it reads the next.
func (s echoService) FullDuplexCall(stream pb.TestService_FullDuplexCallServer) error {
	for {
		in, err := stream.Recv()
		if err == io.EOF {
			return status.Error(codes.DataLoss, "selesai")
		}
		if err != nil {
			return err
		}
		if err := stream.Send(&pb.StreamingOutputCallResponse{Payload: in.Payload}); err != nil {
			return err
		}
	}
}

func newEchoService(t *testing.T) (upstream string, seen chan metadata.MD) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, seen := grpc.NewServer(), make(chan metadata.MD, 100)
	pb.RegisterTestServiceServer(s, echoService{seen: seen})
	go s.Serve(l)
	t.Cleanup(s.Stop)
	return "h2c://" + l.Addr().String(), seen
}

// below puts the LID's address before the name of the method, which generated code
// cannot.
func below(address, key string) []grpc.DialOption {
	with := func(ctx context.Context) context.Context {
		return metadata.AppendToOutgoingContext(ctx, "x-api-key", key)
	}
	return []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithUnaryInterceptor(func(ctx context.Context, method string, req, reply any, c *grpc.ClientConn, next grpc.UnaryInvoker, o ...grpc.CallOption) error {
			return next(with(ctx), "/"+address+method, req, reply, c, o...)
		}),
		grpc.WithStreamInterceptor(func(ctx context.Context, d *grpc.StreamDesc, c *grpc.ClientConn, method string, next grpc.Streamer, o ...grpc.CallOption) (grpc.ClientStream, error) {
			return next(with(ctx), d, c, "/"+address+method, o...)
		}),
	}
}

func speakGRPC(t *testing.T, gateway, address, key string) pb.TestServiceClient {
	c, err := grpc.NewClient(strings.TrimPrefix(gateway, "http://"), below(address, key)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return pb.NewTestServiceClient(c)
}

func grpcContract(methods ...string) object {
	paths, done := object{}, object{"200": object{"description": "pesan gRPC"}}
	for _, method := range methods {
		paths["/grpc.testing.TestService/"+method] = object{"post": object{"responses": done}}
	}
	return object{"openapi": "3.1.0", "info": object{"title": "Uji", "version": "1.0"}, "paths": paths}
}

func payload(text string) *pb.Payload { return &pb.Payload{Body: []byte(text)} }

// A gRPC client and a gRPC service speak through the hub, in each class: messages
// one by one both ways, heads, trailers, and statuses as they are.
func TestGRPCPasses(t *testing.T) {
	c := settings(t, t.TempDir())
	c.Gateway.H2C = true
	at, api := begin(t, c)
	key := api.settle(t)
	upstream, seen := newEchoService(t)
	contract := grpcContract("UnaryCall", "FullDuplexCall")
	for _, class := range []string{"terbuka", "terbatas"} {
		t.Run(class, func(t *testing.T) {
			name := strings.ToUpper(class[:1]) + class[1:]
			api.offer(t, name, upstream, object{"class": class, "contract": contract}, nil)
			client := speakGRPC(t, at.Gateway, "uji/"+name, key)

			var head, tail metadata.MD
			out, err := client.UnaryCall(t.Context(), &pb.SimpleRequest{Payload: payload("halo")}, grpc.Header(&head), grpc.Trailer(&tail))
			if err != nil || string(out.Payload.Body) != "halo" {
				t.Fatalf("%v %v", err, out)
			}
			if got := head.Get("x-kepala"); len(got) != 1 || len(head.Get("exchange-id")) != 1 || len(head.Get("traceparent")) != 1 {
				t.Errorf("head %v", head)
			}
			if got := tail.Get("x-ekor"); len(got) != 1 {
				t.Errorf("trailer %v", tail)
			}
			origin := <-seen
			if len(origin.Get("x-api-key")) != 0 || origin.Get("simpul-application")[0] != consumerApp || len(origin.Get("traceparent")) != 1 {
				t.Errorf("the service saw %v", origin)
			}
			if found := api.record(t, head.Get("exchange-id")[0]); found.Outcome != "delivered" || found.ResponseBytes == 0 {
				t.Errorf("recorded as %+v", found)
			}

			_, err = client.UnaryCall(t.Context(), &pb.SimpleRequest{ResponseStatus: &pb.EchoStatus{Code: int32(codes.OutOfRange), Message: "di luar jangkauan"}})
			if s := status.Convert(err); s.Code() != codes.OutOfRange || s.Message() != "di luar jangkauan" {
				t.Errorf("the service's own error became %v", err)
			}
			<-seen

			stream, err := client.FullDuplexCall(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{"satu", "dua", strings.Repeat("tiga", 100_000)} {
				if err := stream.Send(&pb.StreamingOutputCallRequest{Payload: payload(text)}); err != nil {
					t.Fatal(err)
				}
				in, err := stream.Recv() // before the next is sent
				if err != nil || string(in.Payload.Body) != text {
					t.Fatalf("%v: %d bytes", err, len(in.GetPayload().GetBody()))
				}
			}
			stream.CloseSend()
			if _, err := stream.Recv(); status.Code(err) != codes.DataLoss || status.Convert(err).Message() != "selesai" {
				t.Errorf("the stream ended with %v", err)
			}
		})
	}
}

// What the hub refuses is told as a gRPC client reads it.
func TestGRPCIsRefusedInItsOwnWords(t *testing.T) {
	c := settings(t, t.TempDir())
	c.Gateway.H2C = true
	at, api := begin(t, c)
	key := api.settle(t)
	upstream, _ := newEchoService(t)
	api.offer(t, "Ada", upstream, object{"contract": grpcContract("UnaryCall")}, nil)
	other := api.key(t, consumerApp)
	api.put(t, "Application", "lain@"+consumerAgency, applicationSpec("Lain"))
	stranger := api.key(t, "lain@"+consumerAgency)
	api.offer(t, "Mati", "h2c://127.0.0.1:1", object{"contract": grpcContract("UnaryCall")}, nil)
	for name, c := range map[string]struct {
		lid, key string
		stream   bool
		want     codes.Code
	}{
		"no such key": {"uji/Ada", "bukan", false, codes.Unauthenticated},
		"no grant":    {"uji/Ada", stranger, false, codes.PermissionDenied},
		"no LID":      {"uji/Tiada", key, false, codes.Unimplemented},
		"no method":   {"uji/Ada", other, true, codes.Unimplemented},
		"no service":  {"uji/Mati", key, false, codes.Unavailable},
	} {
		client := speakGRPC(t, at.Gateway, c.lid, c.key)
		var err error
		var head metadata.MD
		if c.stream {
			stream, serr := client.FullDuplexCall(t.Context())
			if err = serr; err == nil {
				_, err = stream.Recv()
				head, _ = stream.Header()
			}
		} else {
			_, err = client.UnaryCall(t.Context(), &pb.SimpleRequest{}, grpc.Header(&head), grpc.Trailer(&head))
		}
		if s := status.Convert(err); s.Code() != c.want || s.Message() == "" || strings.Contains(s.Message(), "content-type") {
			t.Errorf("%s: %v", name, err)
		}
		if len(head.Get("exchange-id")) != 1 && !c.stream {
			t.Errorf("%s: %v", name, head)
		}
	}
}

// A client that gives up ends the call to the service, and the record says so.
func TestAGRPCClientThatGivesUpEndsTheCall(t *testing.T) {
	c := settings(t, t.TempDir())
	c.Gateway.H2C = true
	at, api := begin(t, c)
	key := api.settle(t)
	upstream, _ := newEchoService(t)
	api.offer(t, "Ada", upstream, object{"contract": grpcContract("FullDuplexCall")}, nil)
	ctx, giveUp := context.WithCancel(t.Context())
	stream, err := speakGRPC(t, at.Gateway, "uji/Ada", key).FullDuplexCall(ctx)
	if err != nil {
		t.Fatal(err)
	}
	stream.Send(&pb.StreamingOutputCallRequest{Payload: payload("satu")})
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	head, err := stream.Header()
	if err != nil {
		t.Fatal(err)
	}
	giveUp()
	if found := api.ended(t, head.Get("exchange-id")[0]); found.Outcome != "aborted" {
		t.Errorf("recorded as %+v", found)
	}
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) && status.Code(err) != codes.Canceled {
		t.Error(err)
	}
}

// Over plain HTTP the same LID refuses as ever.
func TestAGRPCServiceIsNoOrdinaryOne(t *testing.T) {
	at, api := begin(t, settings(t, t.TempDir()))
	key := api.settle(t)
	upstream, _ := newEchoService(t)
	api.offer(t, "Ada", upstream, object{"contract": grpcContract("UnaryCall")}, nil)
	if got := call(t, api.client, at.Gateway+"/uji/Ada/grpc.testing.TestService/UnaryCall", key); got.status != http.StatusMethodNotAllowed {
		t.Errorf("%d %s", got.status, got.text)
	}
}

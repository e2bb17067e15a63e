package door

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
)

// Server serves a handler on loopback, and nowhere else.
type Server struct {
	server *http.Server
	addr   string
	ended  chan error
}

// Serve starts a server on a free port of 127.0.0.1.
func Serve(h http.Handler) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("a server on loopback: %w", err)
	}
	s := &Server{server: &http.Server{Handler: h}, addr: l.Addr().String(), ended: make(chan error, 1)}
	go func() { s.ended <- s.server.Serve(l) }()
	return s, nil
}

// Addr is where it listens, 127.0.0.1:port.
func (s *Server) Addr() string { return s.addr }

// Close answers what has been asked, then ends the server. Clients that stay
// connected without asking do not keep it up.
func (s *Server) Close() error {
	err := s.server.Shutdown(context.Background())
	if ended := <-s.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}

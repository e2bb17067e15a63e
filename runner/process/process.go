// Package process starts worker processes and talks to them: requests on their
// standard input, answers on a pipe of its own (file descriptor 3), so that
// whatever the code under test prints stays out of the conversation.
//
// Whatever a worker does (dies, hangs, is killed for memory, writes garbage)
// becomes one error that says so; a worker never outlives its Close.
package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"assay/runner/wire"
)

// Command says how a worker is started.
type Command struct {
	Path string
	Args []string
	Env  []string // beyond the runner's own environment
	Dir  string   // where it runs; empty: where the runner does
}

// Process is a running worker.
type Process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *os.File
	answers chan answer
	close   sync.Once
	stop    chan struct{}
	stderr  *notes
	waited  chan struct{}
	died    error // valid once waited is closed
}

type answer struct {
	line string
	more bool // the worker has already written beyond this line
	err  error
}

// maxLine bounds one answer; a profile in base64 is the longest.
const maxLine = 64 << 20

// Start launches a worker. Cancelling ctx kills it.
func Start(ctx context.Context, c Command) (*Process, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("worker: %w", err)
	}
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.Dir = c.Dir
	cmd.ExtraFiles = []*os.File{w}
	cmd.WaitDelay = 2 * time.Second
	p := &Process{cmd: cmd, answers: make(chan answer), stop: make(chan struct{}), waited: make(chan struct{}), stderr: &notes{}, out: r}
	cmd.Stderr = p.stderr
	p.in, err = cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("worker: %w", err), r.Close(), w.Close())
	}
	w.Close() // the worker holds the only writing end now: its death is our EOF
	go p.read()
	go func() {
		p.died = cmd.Wait()
		close(p.waited)
	}()
	return p, nil
}

// read passes answers on until the pipe closes.
func (p *Process) read() {
	defer close(p.answers)
	lines := bufio.NewReaderSize(p.out, 64<<10)
	for {
		line, err := readLine(lines)
		if err == io.EOF {
			return
		}
		select {
		case p.answers <- answer{line, lines.Buffered() > 0, err}:
		case <-p.stop:
			return
		}
		if err != nil {
			return
		}
	}
}

func readLine(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return string(line[:len(line)-1]), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return "", io.EOF // a half line is what a dying worker leaves
		case len(line) > maxLine:
			return "", fmt.Errorf("the worker's answer has no end within %d MiB", maxLine>>20)
		}
	}
}

// Ask sends one request and hands each answer to take until take says it was
// the last. A worker that says nothing for so long is an error, and so is one
// that writes without being asked: its lines would pass for the next answer.
func (p *Process) Ask(ctx context.Context, request string, patience time.Duration, take func(verb, args string) (last bool, err error)) error {
	select {
	case a, ok := <-p.answers:
		switch {
		case !ok:
			return p.gone(ctx)
		case a.err != nil:
			return a.err
		}
		return unasked(a.line)
	default:
	}
	if err := p.send(request, patience); err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return fmt.Errorf("the worker reads no requests for %v and counts as hung%s", patience, p.stderr.reason())
		}
		return p.gone(ctx)
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			return fmt.Errorf("the worker said nothing for %v and counts as hung%s", patience, p.stderr.reason())
		case a, ok := <-p.answers:
			if !ok {
				return p.gone(ctx)
			}
			if a.err != nil {
				return a.err
			}
			last, err := p.take(a.line, take)
			if err == nil && last && a.more {
				err = unasked("")
			}
			if last || err != nil {
				return err
			}
			timer.Reset(patience)
		}
	}
}

// send writes a request. A pipe holds little, and a worker that does not read
// it would block the runner for ever.
func (p *Process) send(request string, patience time.Duration) error {
	if pipe, ok := p.in.(*os.File); ok {
		late := time.AfterFunc(patience, func() { pipe.SetWriteDeadline(time.Unix(1, 0)) }) //nolint:errcheck // then it waits longer
		defer late.Stop()
	}
	_, err := io.WriteString(p.in, request+"\n")
	return err
}

// unasked words what a worker wrote after its turn.
func unasked(line string) error {
	if line == "" {
		return errors.New("the worker wrote more than its answer")
	}
	return fmt.Errorf("the worker wrote %.60q without being asked", line)
}

func (p *Process) take(line string, take func(verb, args string) (bool, error)) (bool, error) {
	verb, args := wire.Cut(line)
	if verb == wire.Fail {
		if message, err := strconv.Unquote(args); err == nil {
			return true, errors.New(message)
		}
		return true, fmt.Errorf("the worker failed: %.200q", args)
	}
	last, err := take(verb, args)
	if err != nil {
		return true, fmt.Errorf("the worker wrote garbage, %.60q: %w", line, err)
	}
	return last, nil
}

// gone words the death of a worker.
func (p *Process) gone(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	select {
	case <-p.waited:
	case <-time.After(p.cmd.WaitDelay + time.Second):
		return errors.New("the worker closed its pipe and lives on")
	}
	why := "exit status 0"
	if p.died != nil {
		why = p.died.Error()
	}
	if strings.Contains(why, "signal: killed") {
		why += ", as the kernel does when memory runs out"
	}
	return fmt.Errorf("the worker died (%s)%s", why, p.stderr.reason())
}

// Close ends the worker: politely by closing its input, then by force. When it
// returns, nothing of the worker is left; a second Close does nothing.
func (p *Process) Close() {
	p.close.Do(func() {
		close(p.stop)
		p.in.Close()
		select {
		case <-p.waited:
		case <-time.After(200 * time.Millisecond):
			p.cmd.Process.Kill() //nolint:errcheck // it may have exited just now
			<-p.waited
		}
		p.out.Close() // a child of the worker may hold the other end
		for range p.answers {
		}
	})
}

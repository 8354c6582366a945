//! A proxy-wasm filter for Envoy that lets only valid requests through to the upstream, normalized.
//!
//! The head is checked as soon as it is there. Then head and body are held until the body is whole:
//! it is checked, and replaced by its normalized form; a rejected request is answered here. With
//! `"mode": "report-only"` nothing is held or changed, and what would be rejected is logged. Nothing
//! that is logged holds a value of a request.

mod config;
mod findings;

use config::Config;
use findings::Findings;
use outgoing_to_device::{Checker, FIELDS_ABOUT_BYTES, HeadRejection, HeaderFields, Outcome, check_head};
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, Bytes, ContextType, LogLevel};
use std::cell::RefCell;
use std::rc::Rc;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|_| Box::new(Root { worker: None }));
}}

/// What a worker thread of Envoy has: each of them runs the filter in a machine of its own.
struct Worker {
    config: Config,
    checker: RefCell<Checker>,
}

impl Worker {
    fn check_head(&self, head: &[(String, Bytes)]) -> Result<(), HeadRejection> {
        // HTTP/1, too, has the request line in these.
        let pseudo = |name: &str| head.iter().find(|(key, _)| key == name).map_or(&b""[..], |(_, value)| value);
        let fields = head.iter().filter(|(name, _)| !name.starts_with(':'));
        let fields = fields.map(|(name, value)| (name.as_bytes(), value.as_slice()));
        check_head(self.config.policy.limits(), &self.config.path, pseudo(":method"), pseudo(":path"), fields)
    }

    /// The bytes of a body that are enough to reject it by its length.
    fn enough(&self) -> usize {
        self.config.policy.limits().body as usize + 1
    }
}

struct Root {
    worker: Option<Rc<Worker>>,
}

impl Context for Root {}

impl RootContext for Root {
    /// Envoy does not start, or keeps its old configuration, if this is false.
    fn on_configure(&mut self, _: usize) -> bool {
        match config::read(&self.get_plugin_configuration().unwrap_or_default()) {
            Ok(config) => {
                self.worker = Some(Rc::new(Worker { config, checker: RefCell::new(Checker::new()) }));
                true
            }
            Err(faults) => {
                for fault in faults {
                    findings::write(LogLevel::Error, &format!("outgoing-to-device: configuration:{fault}"));
                }
                false
            }
        }
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        let worker = self.worker.clone()?;
        Some(if worker.config.report_only {
            Box::new(Watch { worker, found: Findings::default(), body: Vec::new() })
        } else {
            Box::new(Gate { worker, found: Findings::default(), answered: false })
        })
    }
}

/// A request that gets to the upstream only if it is valid.
struct Gate {
    worker: Rc<Worker>,
    found: Findings,
    answered: bool,
}

impl Context for Gate {}

impl HttpContext for Gate {
    fn on_http_request_headers(&mut self, _: usize, end_of_stream: bool) -> Action {
        let head = self.get_http_request_headers_bytes();
        self.found.belong_to(&head);
        if let Err(rejection) = self.worker.check_head(&head) {
            self.found.add_head(&rejection);
            self.found.log(false);
            return self.answer(rejection.status(), rejection.header_fields(), &rejection.to_problem());
        }
        if end_of_stream { self.decide(0) } else { Action::Pause }
    }

    fn on_http_request_body(&mut self, size: usize, end_of_stream: bool) -> Action {
        if !self.answered && (end_of_stream || size >= self.worker.enough()) {
            self.decide(size)
        } else {
            Action::Pause
        }
    }

    /// The body is whole without having said so. Trailers may speak of its bytes: they go with them.
    fn on_http_request_trailers(&mut self, _: usize) -> Action {
        if self.answered {
            return Action::Pause;
        }
        self.set_http_request_trailers(Vec::new());
        self.decide(self.worker.enough())
    }
}

impl Gate {
    /// Decides about the body, of which there are `size` bytes at most.
    fn decide(&mut self, size: usize) -> Action {
        let body = match size.min(self.worker.enough()) {
            0 => Vec::new(),
            size => self.get_http_request_body(0, size).unwrap_or_default(),
        };
        let worker = self.worker.clone();
        let mut checker = worker.checker.borrow_mut();
        let outcome = checker.check(&worker.config.policy, &body);
        self.found.add_body(&outcome);
        self.found.log(false);
        match outcome {
            Outcome::Accepted(accepted) => {
                let normalized = accepted.request.to_json();
                for name in FIELDS_ABOUT_BYTES {
                    self.set_http_request_header(name, None);
                }
                self.set_http_request_header("content-length", Some(&normalized.len().to_string()));
                self.set_http_request_body(0, body.len(), &normalized);
                Action::Continue
            }
            Outcome::Rejected(rejection) => {
                self.answer(rejection.status(), rejection.header_fields(), &rejection.to_problem())
            }
        }
    }

    fn answer(&mut self, status: u16, fields: HeaderFields, problem: &[u8]) -> Action {
        self.answered = true;
        self.send_http_response(status.into(), fields.to_vec(), Some(problem));
        Action::Pause
    }
}

/// A request that is passed on as it comes, while a copy of its body is collected for the check.
struct Watch {
    worker: Rc<Worker>,
    found: Findings,
    body: Vec<u8>,
}

impl Context for Watch {}

impl HttpContext for Watch {
    fn on_http_request_headers(&mut self, _: usize, end_of_stream: bool) -> Action {
        let head = self.get_http_request_headers_bytes();
        self.found.belong_to(&head);
        if let Err(rejection) = self.worker.check_head(&head) {
            self.found.add_head(&rejection);
        }
        self.report_if(end_of_stream)
    }

    fn on_http_request_body(&mut self, size: usize, end_of_stream: bool) -> Action {
        let size = size.min(self.worker.enough() - self.body.len());
        if size > 0 {
            self.body.extend(self.get_http_request_body(0, size).unwrap_or_default());
        }
        self.report_if(end_of_stream)
    }

    fn on_http_request_trailers(&mut self, _: usize) -> Action {
        self.report_if(true)
    }
}

impl Watch {
    fn report_if(&mut self, whole: bool) -> Action {
        if whole {
            let mut checker = self.worker.checker.borrow_mut();
            self.found.add_body(&checker.check(&self.worker.config.policy, &self.body));
            self.found.log(true);
        }
        Action::Continue
    }
}

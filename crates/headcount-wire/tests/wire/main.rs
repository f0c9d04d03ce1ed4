//! Records of the five products through every dialect and back, and what
//! anybody else may send.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod canaries;
#[cfg(test)]
mod clients;
#[cfg(test)]
mod compared;
#[cfg(test)]
mod flat;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod mutated;
#[cfg(test)]
mod native;
#[cfg(test)]
mod otlp;
#[cfg(test)]
mod products;
#[cfg(test)]
mod readings;
#[cfg(test)]
mod round;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod spans;

//! What a person reads and says: texts, notice, farewell, and the commands
//! through the one function that every host calls.

#[cfg(test)]
mod clearing;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod farewell;
#[cfg(test)]
mod forgetting;
#[cfg(test)]
mod linked;
#[cfg(test)]
mod looking;
#[cfg(test)]
mod neighbour;
#[cfg(test)]
mod notice;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod sent;
#[cfg(test)]
mod shown;
#[cfg(test)]
mod status;
#[cfg(test)]
mod texts;
